import type { Locator } from 'playwright-core';

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

/** Where two elements stand, both at the same moment: a page that is still loading moves them. */
export async function boxesOf(left: Locator, right: Locator): Promise<[Box, Box]> {
  const handles = await Promise.all([left.elementHandle(), right.elementHandle()]);
  return left.page().evaluate(([first, second]) => {
    const boxOf = (element: typeof first): Box => {
      const { x, y, width, height } = element!.getBoundingClientRect();
      return { x, y, width, height };
    };
    return [boxOf(first), boxOf(second)] as [Box, Box];
  }, handles);
}
