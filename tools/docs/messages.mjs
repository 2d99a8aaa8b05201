// Texts of errors and warnings, as the source of src/ has them: what is inserted at run time is "…".
import ts from 'typescript';

const ANY = '…';
const DEEPEST = 7;
const MOST_INSERTED = 4;

/** Finds each text that an expression can be. */
export class Messages {
  #checker;

  constructor(program) {
    this.#checker = program.getTypeChecker();
  }

  /** Every text that an expression can be. Empty if it contains no literal text. */
  textsOf(node, depth = 0) {
    if (node === undefined || depth > DEEPEST) return [];
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node)) return this.#template(node, depth);
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      return this.textsOf(node.expression, depth);
    if (ts.isConditionalExpression(node))
      return [...this.textsOf(node.whenTrue, depth), ...this.textsOf(node.whenFalse, depth)];
    if (ts.isBinaryExpression(node)) return this.#binary(node, depth);
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return this.#returned(node, depth);
    if (ts.isCallExpression(node)) return this.#called(node, depth);
    if (ts.isElementAccessExpression(node)) return this.#members(node.expression, depth);
    if (ts.isIdentifier(node)) return this.#named(node, depth);
    // A parser returns `{ problem }`.
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'problem')
      return this.textsOf(node.expression, depth);
    // A table of the file has reasons, such as `MINORS.get(minor)?.goesUp?.why`.
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'why') return this.#reasons(node, depth);
    if (ts.isObjectLiteralExpression(node)) return this.#problemOf(node, depth);
    if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((element) => this.textsOf(element, depth));
    return [];
  }

  #reasons(access, depth) {
    const texts = [];
    const visit = (node) => {
      if (ts.isPropertyAssignment(node) && node.name.getText() === 'why')
        texts.push(...this.textsOf(node.initializer, depth + 1));
      else ts.forEachChild(node, visit);
    };
    visit(access.getSourceFile());
    return texts;
  }

  #problemOf({ properties }, depth) {
    const property = properties.find(({ name }) => name?.getText() === 'problem');
    return property && ts.isPropertyAssignment(property) ? this.textsOf(property.initializer, depth) : [];
  }

  #binary({ left, right, operatorToken: { kind } }, depth) {
    if (kind === ts.SyntaxKind.PlusToken)
      return combined([this.textsOf(left, depth), this.textsOf(right, depth)].map(orAny));
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return this.textsOf(right, depth);
    return [...this.textsOf(left, depth), ...this.textsOf(right, depth)];
  }

  /** Inserted texts are written out where they are few; values are not. */
  #template({ head, templateSpans }, depth) {
    const parts = templateSpans.flatMap(({ expression, literal }) => [
      ts.isIdentifier(expression) ? this.#inserted(expression, depth + 1) : [ANY],
      [literal.text],
    ]);
    return combined([[head.text], ...parts]);
  }

  /** The texts of a constant. Those of a variable too, plus "…", because it may have others. */
  #inserted(identifier, depth) {
    const texts = this.#named(identifier, depth);
    if (texts.length > MOST_INSERTED) return [ANY];
    const declaration = this.#declaration(identifier);
    const isOfFile =
      declaration &&
      ts.isVariableStatement(declaration.parent.parent) &&
      ts.isSourceFile(declaration.parent.parent.parent);
    return isOfFile ? orAny(texts) : [...texts, ANY];
  }

  #declaration(identifier) {
    let symbol = this.#checker.getSymbolAtLocation(identifier);
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = this.#checker.getAliasedSymbol(symbol);
    return symbol?.valueDeclaration;
  }

  #named(identifier, depth) {
    const declaration = this.#declaration(identifier);
    if (!declaration) return [];
    if (ts.isVariableDeclaration(declaration)) return this.textsOf(declaration.initializer, depth + 1);
    if (ts.isFunctionDeclaration(declaration)) return this.#returned(declaration, depth);
    return [];
  }

  #called({ expression }, depth) {
    if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'get')
      return this.#members(expression.expression, depth);
    return ts.isIdentifier(expression) ? this.#named(expression, depth + 1) : [];
  }

  #members(expression, depth) {
    const declaration = ts.isIdentifier(expression) ? this.#declaration(expression) : undefined;
    const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    const table = initializer && tableOf(initializer);
    if (!table || !ts.isObjectLiteralExpression(table)) return [];
    return table.properties.flatMap((property) => this.textsOf(property.initializer, depth + 1));
  }

  #returned({ body }, depth) {
    if (!ts.isBlock(body)) return this.textsOf(body, depth + 1);
    const texts = [];
    const visit = (node) => {
      if (ts.isReturnStatement(node)) texts.push(...this.textsOf(node.expression, depth + 1));
      else if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
    };
    visit(body);
    return texts;
  }
}

/** `{ ... }`, or that of `new Map(Object.entries({ ... }))`. */
function tableOf(node) {
  return ts.isNewExpression(node) || ts.isCallExpression(node)
    ? node.arguments?.[0] && tableOf(node.arguments[0])
    : node;
}

const orAny = (texts) => (texts.length === 0 ? [ANY] : texts);

/** Every way to choose one text of each part, joined. */
function combined(parts) {
  return parts.reduce((texts, part) => texts.flatMap((text) => part.map((next) => text + next)), ['']);
}
