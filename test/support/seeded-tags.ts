import type { Seeded } from './seeded-errors';
import type { TestDatabase } from './test-database';

/** The tags of an error that was seeded, `name:value`; none of some, which came by the native API. */
function tagsOf({ id, text }: Seeded): string[] {
  if (isNative(id)) return text.includes('ancient') ? ['old:yes'] : [];
  return [
    `environment:${id % 10 === 1 ? 'staging' : 'production'}`,
    ...(id % 40 === 1 ? ['environment:production'] : []),
    `level:${levelOf(id)}`,
    `release:shop@${Math.ceil(id / 1_000)}`,
    ...(id % 5 === 2 ? ['five:yes'] : []),
    ...(id % 25 === 4 ? ['sparse:yes'] : []),
    ...(id % 13 === 6 ? ['region:eu', 'region:us'] : []),
    ...(text.includes('ancient') ? ['old:yes'] : []),
  ];
}

/** Gives the errors of `seedErrors` tags. */
export async function seedTags(database: TestDatabase, errors: readonly Seeded[]): Promise<void> {
  await database.run('UPDATE errors SET level = ? WHERE id % 7 <> 3', ['error']);
  const rows = errors.flatMap((error) =>
    tagsOf(error).map((tag) => {
      const [name = '', value = ''] = tag.split(':');
      return { error_id: error.id, name, value };
    }),
  );
  await database.insert('error_tags', rows);
}

/** Whether an error has all tags of a query: by `tag`, or by a parameter of its own. */
export function taggedBy(query: string): (error: Seeded) => boolean {
  const sought = [...new URLSearchParams(query)]
    .filter(([name]) => ['tag', 'environment', 'release', 'level', 'user'].includes(name))
    .map(([name, value]) => (name === 'tag' ? value : `${name}:${value}`));
  return (error) => {
    const tags = tagsOf(error);
    return sought.every((tag) => tags.includes(tag) || (tag === 'level:error' && isNative(error.id)));
  };
}

function isNative(id: number): boolean {
  return id % 7 === 3;
}

function levelOf(id: number): string {
  return id % 3 === 0 ? 'warning' : id % 50 === 1 ? 'fatal' : 'error';
}
