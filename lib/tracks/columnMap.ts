import { InputError } from '../forest/src/index';

/**
 * The user's own assignment of columns: the project's name of a column, and after it the file's header. An empty
 * header means that the file's column of that meaning is not to be used.
 * @example { tempo: 'beats', key: '' }
 */
export type ColumnMap = Readonly<Record<string, string>>;

/**
 * The same from one line of text, as the command line and the environment give it.
 * @param text pairs `ours=the file's`, apart by commas; a header with a comma stands in double quotes
 * @throws InputError for a part without `=`
 * @example columnMap('tempo=beats,key=') // { tempo: 'beats', key: '' }
 */
export function columnMap(text = ''): ColumnMap {
  const parts = text.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  const pairs = parts
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const at = part.indexOf('=');
      if (at < 1) {
        throw new InputError(
          `columnMap requires pairs such as tempo=beats, apart by commas, got ${JSON.stringify(part.trim())}`,
        );
      }
      const header = part.slice(at + 1).trim();
      return [part.slice(0, at).trim(), header.replace(/^"(.*)"$/s, '$1')];
    });
  return Object.fromEntries(pairs);
}
