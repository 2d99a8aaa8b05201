// Every place of src/ that reports a problem or a warning, and the source with a switch around each.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Functions that return what is wrong, or nothing. */
const FINDERS = /(Problem|Hazard|^(takenEnv|forbiddenEnv|tooSmall|lossOf|tell))$/;
/** Functions that take problems and check nothing. */
const NO_CHECKS = ['set', 'placeholder'];
const LONGEST_TEXT = 90;

/** The places, and the edits that put a switch around each, by file. */
export function placesOf() {
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(`${ROOT}tsconfig.json`, {}, ts.sys);
  const program = ts.createProgram(fileNames, options);
  const found = new Places(program.getTypeChecker());
  for (const source of program.getSourceFiles())
    if (relative(ROOT, source.fileName).startsWith('src/')) found.visit(source, source);
  return found;
}

class Places {
  /** { file, line, text }: the number of a place is its index. */
  list = [];
  /** By file: what is inserted before and after an expression. */
  edits = new Map();
  #checker;

  constructor(checker) {
    this.#checker = checker;
  }

  visit(node, source) {
    this.#check(node, source);
    ts.forEachChild(node, (child) => this.visit(child, source));
  }

  /** The source of a file with a switch around each place. */
  withSwitches(file, text) {
    const insertions = (this.edits.get(file) ?? []).flatMap(({ node, before, after }, i) => [
      { at: node.getStart(), text: before, outside: -node.getWidth(), i },
      { at: node.end, text: after, outside: node.getWidth(), i: -i },
    ]);
    // Of two expressions that start or end at the same character, the longer one is outside.
    insertions.sort((a, b) => b.at - a.at || b.outside - a.outside || b.i - a.i);
    return insertions.reduce((whole, { at, text: part }) => whole.slice(0, at) + part + whole.slice(at), text);
  }

  #check(node, source) {
    if (ts.isCallExpression(node)) this.#call(node, source);
    if (ts.isPropertyAssignment(node)) this.#property(node, source);
    if (ts.isShorthandPropertyAssignment(node)) {
      const type = this.#checker.getTypeOfSymbol(this.#checker.getShorthandAssignmentValueSymbol(node));
      if (this.#isCheck(type)) this.#wrap(node, source, `${node.getText()}: __checks.check(#, `, ')');
    }
    if (ts.isFunctionLike(node) && node.body && this.#isFinder(node)) this.#returns(node, source);
    if (ts.isSpreadElement(node) && this.#isFindings(node))
      this.#wrap(node.expression, source, '__checks.list(#, ', ')');
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'required' && node.initializer)
      this.#required(node.initializer, source);
    if (ts.isThrowStatement(node) && isIn(source, 'constructs') && /^new Error\b/.test(node.expression.getText()))
      this.#wrap(node, source, '{ if (!__checks.isRemoved(#)) ', ' }');
  }

  #call(call, source) {
    const { expression: callee, arguments: given } = call;
    const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
    const owner = method === '' ? undefined : this.#nameOf(callee.expression);
    const reporters = given.filter((argument) => ts.isIdentifier(argument) && this.#isReporter(argument));
    if (method === 'add' && ['Problems', 'Warnings'].includes(owner)) return this.#statement(call, source);
    if (NO_CHECKS.includes(method || callee.getText())) return undefined;
    if (method === 'refuse' || callee.getText() === 'reportAtSynth') return this.#statement(call, source);
    if (callee.getText() === 'needs' && given.length > 1) return this.#needs(call, source);
    if (reporters.some((one) => this.#nameOf(one) === 'Problems') && !['Problems', 'Warnings'].includes(owner))
      this.#wrap(call, source, `__checks.call(#, [${reporters.map((r) => r.getText()).join(', ')}], () => `, ')');
    given.forEach((argument, i) => this.#argument(argument, call, i, source));
  }

  #argument(argument, call, i, source) {
    const parameter = this.#checker.getResolvedSignature(call)?.parameters[i];
    if (parameter?.name === 'required') this.#required(argument, source);
    this.#value(argument, source);
  }

  #property({ name, initializer }, source) {
    const { text } = name;
    if (text === 'problem' && ts.isStringLiteralLike(initializer)) this.#text(initializer, source);
    if (text === 'problem' && ts.isIdentifier(initializer)) this.#text(initializer, source);
    if (text === 'validate' && ts.isArrowFunction(initializer) && !ts.isBlock(initializer.body))
      this.#wrap(initializer.body, source, '__checks.list(#, ', ')');
    this.#value(initializer, source);
  }

  /** A check that is an entry of a table or an argument. What is written here as a function has places of its own. */
  #value(node, source) {
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return;
    if (this.#isCheck(this.#checker.getTypeAtLocation(node))) this.#wrap(node, source, '__checks.check(#, ', ')');
    else if (this.#checker.getContextualType(node)?.aliasSymbol?.name === 'Grammar')
      this.#wrap(node, source, '__checks.grammar(#, ', ')');
  }

  #statement(call, source) {
    this.#wrap(call, source, '(__checks.isRemoved(#) || ', ')');
    call.arguments.forEach((argument, i) => this.#argument(argument, call, i, source));
  }

  /** `needs('a', 'b')` is two checks. */
  #needs({ expression, arguments: names }, source) {
    const numbers = names.map((name) => this.#add(name, source));
    this.#edit(expression, source, `__checks.split([${numbers.join(', ')}], `, ')');
  }

  #required(node, source) {
    if (ts.isConditionalExpression(node)) {
      this.#required(node.whenTrue, source);
      this.#required(node.whenFalse, source);
    } else if (ts.isAsExpression(node)) this.#required(node.expression, source);
    else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) {
      const numbers = node.elements.map((element) => this.#add(element, source));
      this.#edit(node, source, `__checks.keys([${numbers.join(', ')}], `, ')');
    }
  }

  /** Every text that a function can return. */
  #returns({ body }, source) {
    if (!ts.isBlock(body)) return this.#text(body, source);
    const visit = (node) => {
      if (ts.isReturnStatement(node) && node.expression) this.#text(node.expression, source);
      else if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
    };
    visit(body);
  }

  #text(node, source) {
    if (ts.isParenthesizedExpression(node)) return this.#text(node.expression, source);
    if (ts.isConditionalExpression(node)) {
      this.#text(node.whenTrue, source);
      return this.#text(node.whenFalse, source);
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      this.#text(node.left, source);
      return this.#text(node.right, source);
    }
    if (node.getText() !== 'undefined') this.#wrap(node, source, '__checks.text(#, ', ')');
  }

  #isFinder(node) {
    const name = (node.name ?? node.parent.name)?.getText() ?? '';
    const signature = this.#checker.getSignatureFromDeclaration(node);
    const type = this.#checker.typeToString(this.#checker.getReturnTypeOfSignature(signature));
    if (!/^(string|Loss) \| undefined$/.test(type)) return false;
    const isGrammar =
      ts.isArrowFunction(node) && this.#checker.getContextualType(node)?.aliasSymbol?.name === 'Grammar';
    return isGrammar || FINDERS.test(name) || /: Grammar$/.test(node.parent.parent?.type?.getText() ?? '');
  }

  /** What a list of findings is made of. */
  #isFindings({ expression, parent }) {
    const type = this.#checker.typeToString(this.#checker.getTypeAtLocation(expression));
    const inner = ts.isParenthesizedExpression(expression) ? expression.expression : expression;
    const isWhen = ts.isConditionalExpression(inner) && inner.whenFalse.getText() === '[]';
    return (
      isIn(parent.getSourceFile(), 'rules/pod-security') && (type === 'Finding[]' || (isWhen && type === 'string[]'))
    );
  }

  /** `(value, path, problems) => …` */
  #isCheck(type) {
    return type
      .getCallSignatures()
      .some(
        ({ parameters }) =>
          parameters.length === 3 && this.#checker.getTypeOfSymbol(parameters[2]).symbol?.name === 'Problems',
      );
  }

  #isReporter(node) {
    return ['Problems', 'Warnings'].includes(this.#nameOf(node));
  }

  #nameOf(node) {
    return this.#checker.getTypeAtLocation(node).symbol?.name;
  }

  #wrap(node, source, before, after) {
    const number = this.#add(node, source);
    this.#edit(node, source, before.replace('#', number), after);
  }

  #add(node, source) {
    const text = node.getText().replace(/\s+/g, ' ');
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
    return this.list.push({ file: relative(ROOT, source.fileName), line: line + 1, text: shown }) - 1;
  }

  #edit(node, source, before, after) {
    this.edits.set(source.fileName, [...(this.edits.get(source.fileName) ?? []), { node, before, after }]);
  }
}

function isIn(source, folder) {
  return relative(ROOT, source.fileName).startsWith(`src/${folder}`);
}

let found;

/** The places of this source. */
export function places() {
  return (found ??= placesOf());
}
