import { expect, test } from 'vitest';
import { byteStream, hevcParameterSets } from '../mp4/boxes';
import { toRgba } from './yuv';

const plain = (light: number, blue: number, red: number, bitDepth = 8) =>
  toRgba({
    y: new Uint16Array(4).fill(light),
    cb: new Uint16Array([blue]),
    cr: new Uint16Array([red]),
    width: 2,
    height: 2,
    chromaWidth: 1,
    chromaHeight: 1,
    bitDepth,
  });

test('video range: black, white and a saturated red come out as such, ten bits as eight', () => {
  expect([...plain(16, 128, 128).slice(0, 4)]).toEqual([0, 0, 0, 255]);
  expect([...plain(235, 128, 128).slice(12, 16)]).toEqual([255, 255, 255, 255]);
  expect([...plain(63, 102, 240).slice(0, 3)]).toEqual([255, 1, 0]);
  expect([...plain(235 << 2, 512, 512, 10).slice(0, 3)]).toEqual([255, 255, 255]);
});

test('samples and parameter sets become a byte stream; a length that lies ends it', () => {
  expect([...byteStream(new Uint8Array([0, 0, 0, 2, 7, 8, 0, 0, 0, 9, 1]))]).toEqual([0, 0, 0, 1, 7, 8]);
  const record = new Uint8Array(23);
  record[22] = 1;
  const init = new Uint8Array([...new TextEncoder().encode('hvcC'), ...record, 0x20, 0, 1, 0, 2, 0x40, 1]);
  expect([...hevcParameterSets(init)]).toEqual([0, 0, 0, 1, 0x40, 1]);
  expect(hevcParameterSets(new Uint8Array(8))).toHaveLength(0);
});
