// A rule of textlint: prose has none of the phrases that docs/glossary.md replaces, even across the end of a line.

/** Rows of the glossary whose last column has phrases in code spans. */
export function glossaryTerms(page) {
  const rows = [...page.matchAll(/^\| ([^|`]+) \| [^|]+ \| (`[^|]+`) \|$/gm)];
  return rows.flatMap(([, term, phrases]) =>
    [...phrases.matchAll(/`([^`]+)`/g)].map(([, phrase]) => ({ term, phrase })),
  );
}

/** The phrase as whole words, in any case, even across the end of a line. */
function patternOf(phrase) {
  const words = phrase.split(' ').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\w-])${words.join('\\s+')}(?![\\w-])`, 'gi');
}

/** Blanks code and addresses, which may hold any word. Everything else keeps its position. */
function proseOf(source) {
  return source.replace(/`[^`]*`|\]\([^)]*\)|<[^>]*>/g, (text) => ' '.repeat(text.length));
}

export default function glossary({ Syntax, RuleError, getSource, report, locator }, { terms }) {
  const rules = terms.map(({ term, phrase }) => ({ term, pattern: patternOf(phrase) }));
  const check = (node) => {
    const prose = proseOf(getSource(node));
    for (const { term, pattern } of rules)
      for (const { 0: found, index } of prose.matchAll(pattern))
        report(
          node,
          new RuleError(`“${found.replace(/\s+/g, ' ')}”: write “${term}” (docs/glossary.md)`, {
            padding: locator.range([index, index + found.length]),
          }),
        );
  };
  return { [Syntax.Paragraph]: check, [Syntax.Header]: check, [Syntax.TableCell]: check };
}
