import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const systemChromium = '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a headless Chromium: the one `CHROMIUM_PATH` names, else the packaged one (Linux on x64), else the system's.
 * Whoever starts it closes it.
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH;
  if (named) return launch(named);
  try {
    return await launch(await sparticuz.executablePath());
  } catch (packagedFailed) {
    try {
      return await launch(systemChromium);
    } catch {
      throw new Error(
        `No Chromium starts here: neither the packaged one nor ${systemChromium}. Set CHROMIUM_PATH to one that does.`,
        { cause: packagedFailed },
      );
    }
  }
}

function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args, headless: true });
}
