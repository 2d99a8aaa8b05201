// What people read in src/: comments of TypeScript and shell, and texts of errors and log lines, each at its line.
import ts from 'typescript';

/** The text of a file with all else blanked, so that lines and columns stay. */
export function proseOfSource(file, text) {
  const spans = file.endsWith('.sh') ? shellSpans(text) : typeScriptSpans(text);
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

function typeScriptSpans(text) {
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
      if (/[a-z] [a-z]/.test(node.text)) spans.push([node.getStart() + 1, node.getEnd() - 1]);
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
