// Installs the Debian packages that the tests need and that are not there yet.

import { Missing, onDebianAsRoot, osRelease, reason, run } from './cache.mjs';

const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/**
 * Installs those of the packages that are missing; does nothing, and needs no rights, when all are there.
 * @param {string[]} packages
 * @returns {Promise<string[]>} the packages that were installed now
 */
export async function aptInstall(packages) {
  const missing = [];
  for (const name of packages) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return [];
  if (!onDebianAsRoot()) {
    const why = osRelease().ID === 'debian' ? 'only root can install them' : 'this machine is not Debian';
    throw new Missing(`Debian packages ${missing.join(', ')} are not installed, and ${why}`);
  }
  try {
    await install(missing);
  } catch {
    // The package lists are absent or out of date.
    try {
      await run('apt-get', ['update'], { env });
      await install(missing);
    } catch (error) {
      const packageNames = missing.join(', ');
      throw new Missing(`Debian packages ${packageNames} could not be installed: ${reason(error)}`, { cause: error });
    }
  }
  return missing;
}

/** @param {string[]} packages */
function install(packages) {
  // The timeout waits for another apt-get at work, such as that of a second test run.
  const options = ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends'];
  return run('apt-get', [...options, ...packages], { env });
}

/** @param {string} name */
async function isInstalled(name) {
  try {
    return (await run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name])) === 'installed';
  } catch {
    return false;
  }
}
