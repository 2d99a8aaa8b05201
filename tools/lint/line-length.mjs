// A rule of textlint: lines of prose are short enough to review in a diff. Code, tables and addresses can't be wrapped.

export default function lineLength({ Syntax, RuleError, getSource, report, locator }, { max }) {
  const check = (node) => {
    if (node.parent.type === Syntax.TableCell) return;
    let start = 0;
    getSource(node)
      .split('\n')
      .forEach((line, i) => {
        const length = line.replace(/\]\([^)]*\)/g, ']()').length + (i === 0 ? node.loc.start.column : 0);
        if (length > max)
          report(
            node,
            new RuleError(`wrap this line of ${length} characters at ${max}`, { padding: locator.at(start) }),
          );
        start += line.length + 1;
      });
  };
  return { [Syntax.Paragraph]: check, [Syntax.Header]: check };
}
