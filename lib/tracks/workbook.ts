import type { CellObject, WorkBook } from 'xlsx';
import { InputError } from '../forest/src/index';
import { chooseTable } from './choose';
import { type Form, formOfRows } from './form';
import { headerAmong } from './separated';

/** Rows of a sheet among which its header is looked for. */
const HEADER_ROWS = 20;

/**
 * A sheet of a workbook (Excel's .xlsx and .xls, OpenDocument) through SheetJS: of several sheets the one that holds
 * tracks. Numbers come with all their digits, dates as 2024-05-04, times (3:45) as they are shown.
 * @throws InputError where the workbook is damaged or locked, or no sheet or several hold tracks
 */
export async function openWorkbook(bytes: Buffer, source: string): Promise<Form> {
  const book = readBook(bytes, source);
  const sheets = book.SheetNames.flatMap((name) => {
    const form = openSheet(book, name);
    return form ? [{ name: `sheet "${name}"`, open: async () => form }] : [];
  });
  if (sheets.length === 0) throw new InputError(`${source} is a workbook whose sheets are all empty`);
  return chooseTable(sheets, source);
}

function readBook(bytes: Buffer, source: string): WorkBook {
  // Loaded only when needed.
  const { read } = require('xlsx') as typeof import('xlsx');
  try {
    return read(bytes, { cellNF: true, cellHTML: false, cellFormula: false });
  } catch (error) {
    throw new InputError(`${source} is a workbook that cannot be read: ${(error as Error).message}`);
  }
}

function openSheet(book: WorkBook, name: string): Form | undefined {
  const { utils } = require('xlsx') as typeof import('xlsx');
  const sheet = book.Sheets[name];
  if (!sheet?.['!ref']) return undefined;
  const range = utils.decode_range(sheet['!ref']);
  const is1904 = book.Workbook?.WBProps?.date1904 ?? false;
  const rows: { line: number; fields: string[] }[] = [];
  for (let r = range.s.r; r <= range.e.r; r++) {
    const fields: string[] = [];
    for (let c = range.s.c; c <= range.e.c; c++) {
      fields.push(cellOf(sheet[utils.encode_cell({ r, c })] as CellObject | undefined, is1904));
    }
    if (fields.some((cell) => cell.trim() !== '')) rows.push({ line: r + 1, fields });
  }
  if (rows.length === 0) return undefined;
  const { index } = headerAmong(rows.slice(0, HEADER_ROWS));
  const { line, fields: header } = rows[index];
  const below = rows.slice(index + 1);
  const notes = ['The file is a workbook.'];
  if (index > 0) notes.push(`The header is row ${line}; the rows above it were left out.`);
  return formOfRows({
    header,
    rows: below.map(({ fields }) => fields),
    headerLine: line,
    lines: below.map((row) => row.line),
    unit: 'row',
    notes,
  });
}

/** A cell's text: its value, not how it is rounded for the eye; dates and times as people write them. */
function cellOf(cell: CellObject | undefined, is1904: boolean): string {
  if (!cell || cell.v === undefined || cell.v === null) return '';
  if (cell.t === 'e') return String(cell.w ?? '');
  if (cell.t !== 'n' || typeof cell.z !== 'string') return String(cell.v);
  const { SSF } = require('xlsx') as typeof import('xlsx');
  if (!SSF.is_date(cell.z)) return String(cell.v);
  const date = SSF.parse_date_code(cell.v as number, { date1904: is1904 });
  // Below one day there is only a time: a duration.
  if (!date || Number(cell.v) < 1) return String(cell.w ?? cell.v);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.y}-${two(date.m)}-${two(date.d)}`;
}
