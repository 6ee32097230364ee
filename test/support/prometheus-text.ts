/** What an answer in the text format of Prometheus says: samples by name and labels as they are written. */
export type Samples = Map<string, number>;

const HELP = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) \S.*$/;
const TYPE = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/;
const LABELS = /\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"(?:,(?!\})|(?=\})))*\}/;
const SAMPLE = new RegExp(
  `^(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:${LABELS.source})?) (-?[0-9.]+(?:e[+-]?\\d+)?|NaN)$`,
  'i',
);

/**
 * Reads the text format, version 0.0.4, as strictly as we write it.
 * @throws when a line is none, a sample stands without its help and type, or a sample is given twice
 */
export function parsePrometheusText(text: string): Samples {
  if (!text.endsWith('\n')) throw new Error('The last line does not end');
  const samples: Samples = new Map();
  const helped = new Set<string>();
  let family = { name: '', type: '' };
  for (const line of text.split('\n').filter(Boolean)) {
    const help = HELP.exec(line);
    const type = TYPE.exec(line);
    const sample = SAMPLE.exec(line);
    if (help) helped.add(help[1]!);
    else if (type) family = { name: type[1]!, type: type[2]! };
    else if (sample) addSample(sample);
    else throw new Error(`Not a line of the format: ${line}`);
  }
  return samples;

  function addSample([line, key, name, value]: RegExpExecArray): void {
    const base = family.type === 'histogram' ? name!.replace(/_(bucket|sum|count)$/, '') : name;
    if (base !== family.name || !helped.has(family.name)) throw new Error(`Without help or type: ${line}`);
    if (samples.has(key!)) throw new Error(`Given twice: ${line}`);
    samples.set(key!, Number(value));
  }
}
