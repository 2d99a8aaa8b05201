const LINE_WIDTH = 120;

/** JSON as a person would write it: two spaces, and on one line what fits there. Undefined fields are left out. */
export function readableJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const deeper = `${indent}  `;
  const parts = isList ? itemsOf(value, deeper) : fieldsOf(value as { readonly [key: string]: unknown }, deeper);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const padding = isList || parts.length === 0 ? '' : ' ';
  let length = indent.length + 2 * padding.length;
  for (const part of parts) length += part.length + ', '.length;
  // A part that had to be broken into lines is too long for this one, too.
  if (length <= LINE_WIDTH) return open + padding + parts.join(', ') + padding + close;
  return `${open}\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}${close}`;
}

function itemsOf(list: readonly unknown[], indent: string): string[] {
  const parts: string[] = [];
  for (const item of list) parts.push(readableJson(item, indent));
  return parts;
}

function fieldsOf(object: { readonly [key: string]: unknown }, indent: string): string[] {
  const parts: string[] = [];
  for (const key of Object.keys(object)) {
    const field = object[key];
    if (field !== undefined) parts.push(`${JSON.stringify(key)}: ${readableJson(field, indent)}`);
  }
  return parts;
}
