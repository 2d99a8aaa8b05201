const LINE_WIDTH = 120;

/** JSON as a person would write it: two spaces, and on one line what fits there. Undefined fields are left out. */
export function readableJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = partsOf(value, `${indent}  `);
  const open = isList ? '[' : '{';
  const close = isList ? ']' : '}';
  const padding = isList || parts.length === 0 ? '' : ' ';
  let length = indent.length + 2 * padding.length;
  for (const part of parts) length += part.length + ', '.length;
  // A part that had to be broken into lines is too long for this one, too.
  if (length <= LINE_WIDTH) return open + padding + parts.join(', ') + padding + close;
  let text = open;
  let separator = `\n${indent}  `;
  for (const part of parts) {
    text += separator + part;
    separator = `,\n${indent}  `;
  }
  return `${text}\n${indent}${close}`;
}

function partsOf(value: object, indent: string): string[] {
  if (Array.isArray(value)) return value.map((item) => readableJson(item, indent));
  const parts: string[] = [];
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) parts.push(`${JSON.stringify(key)}: ${readableJson(field, indent)}`);
  }
  return parts;
}
