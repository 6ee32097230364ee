const PLACEHOLDER =
  /%(?:\(([^()\s]{1,100})\))?[-+ #0]{0,5}\d{0,5}(?:\.\d{1,5})?([a-zA-Z%])|\{([^{}\s]{0,100})\}/g;

/**
 * A log message with its parameters filled in, as Python (`%s`, `%(name)s`, `{name}`) and .NET (`{Name}`, by place) write
 * them. What has no parameter stays as it is.
 * @param params a list, or an object of names
 * @example fillTemplate('invoice %s failed for %s', [12, 'acme']) // 'invoice 12 failed for acme'
 */
export function fillTemplate(template: string, params: unknown): string {
  const list = Array.isArray(params) ? (params as unknown[]) : null;
  const named = list === null ? params : list.length === 1 ? list[0] : null;
  let next = 0;
  if (list === null ? !isNamed(params) : list.length === 0) return template;
  return template.replace(PLACEHOLDER, (written, percentName?: string, kind?: string, braceName?: string) => {
    if (kind === '%') return '%';
    const name = percentName ?? braceName;
    if (name !== undefined && name !== '' && isNamed(named) && Object.hasOwn(named, name)) {
      return toText(named[name], kind);
    }
    if (list === null) return written;
    const place = name !== undefined && /^\d{1,3}$/.test(name) ? Number(name) : next;
    if (place >= list.length) return written;
    next += 1;
    return toText(list[place], kind);
  });
}

function toText(value: unknown, kind: string | undefined): string {
  if (typeof value === 'string') return kind === 'r' ? `'${value}'` : value;
  return value === undefined ? '' : JSON.stringify(value);
}

function isNamed(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
