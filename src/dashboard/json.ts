/** JSON as a person would write it: two spaces, and on one line what fits there. Undefined fields are left out. */
export function readableJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // Without spaces it is shorter still: no need to write what can't fit.
  if (indent.length + JSON.stringify(value).length <= LINE_WIDTH) {
    const line = oneLine(value);
    if (indent.length + line.length <= LINE_WIDTH) return line;
  }
  const deeper = `${indent}  `;
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((item) => readableJson(item, deeper))]
    : ['{', '}', fieldsOf(value).map(([key, field]) => `${JSON.stringify(key)}: ${readableJson(field, deeper)}`)];
  return `${open}\n${parts.map((part) => deeper + part).join(',\n')}\n${indent}${close}`;
}

const LINE_WIDTH = 120;

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = fieldsOf(value).map(([key, field]) => `${JSON.stringify(key)}: ${oneLine(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function fieldsOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, field]) => field !== undefined);
}
