// What people read in sources: comments, and texts of errors, log lines and tests, each at its line.
import ts from 'typescript';

/**
 * The prose of a file. Everything else is blanked, so that lines and columns stay.
 * @param hasMessages whether texts are for people; otherwise only comments and titles of tests are
 */
export function proseOfSource(file, text, hasMessages = true) {
  const spans = file.endsWith('.sh') ? shellSpans(text) : typeScriptSpans(text, hasMessages);
  let prose = text.replace(/[^\n]/g, ' ');
  for (const [start, end] of spans) {
    const words = text
      .slice(start, end)
      .replace(/[*/#]/g, ' ')
      .replace(/`[^`\n]*`|\{@?[^}\n]*\}/g, (code) => ' '.repeat(code.length));
    prose = prose.slice(0, start) + words + prose.slice(end);
  }
  return prose;
}

/** A call of Jest, or of the e2e suite, whose first argument is a title. */
const TITLED = /^(test|it|describe\w*|\w+\.(case|smoke))\b/;

function isTitle(node) {
  const { parent } = node;
  return ts.isCallExpression(parent) && parent.arguments[0] === node && TITLED.test(parent.expression.getText());
}

function typeScriptSpans(text, hasMessages) {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.ES2022, true);
  const spans = [];
  const seen = new Set();
  const comments = (ranges) => {
    for (const { pos, end } of ranges ?? []) {
      if (!seen.has(pos)) spans.push([pos, end]);
      seen.add(pos);
    }
  };
  const visit = (node) => {
    comments(ts.getLeadingCommentRanges(text, node.getFullStart()));
    comments(ts.getTrailingCommentRanges(text, node.getEnd()));
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const isProse = hasMessages || isTitle(ts.isStringLiteralLike(node) ? node : node.parent);
      if (isProse && /[a-z] [a-z]/.test(node.text)) spans.push([node.getStart() + 1, node.getEnd() - 1]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return spans;
}

function shellSpans(text) {
  return [...text.matchAll(/(?:^|\s)#.*$|"[^"\n]*[a-z] [a-z][^"\n]*"/gm)].map(({ 0: found, index }) => [
    index,
    index + found.length,
  ]);
}
