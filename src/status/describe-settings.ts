import type { AppConfig } from '../config/app-config';
import { defaultsBeside, isSecret, PROPERTIES, type Property, variableName } from '../config/load-config';
import type { SettingAnswer } from './status.answers';

/** Every setting as it is in force, in the order of the documents; of secrets only whether they are set. */
export function describeSettings(config: AppConfig): SettingAnswer[] {
  const defaults = defaultsBeside(config);
  return PROPERTIES.map((property) =>
    describe(property, toText(config[property]), toText(defaults[property])),
  );
}

function describe(property: Property, text: string | null, byDefault: string | null): SettingAnswer {
  const isHidden = isSecret(property, text ?? '');
  return {
    name: variableName(property),
    value: isHidden ? null : text,
    is_default: text === byDefault,
    is_secret: isHidden,
    ...(isHidden && { is_set: text !== null }),
  };
}

/** As one would write it into the environment; null when there is nothing to write. */
function toText(value: AppConfig[Property]): string | null {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  return text === '' ? null : text;
}
