// Planes to pixels: 4:2:0 (or 4:2:2, 4:4:4, monochrome) of 8 or more bits, BT.709 limited range. The browser's own conversion
// serves where it takes planes; the sum in script is for the rest.

export interface Planes {
  y: Uint16Array;
  cb: Uint16Array;
  cr: Uint16Array;
  width: number;
  height: number;
  chromaWidth: number;
  chromaHeight: number;
  bitDepth: number;
}

/** ITU-T H.273, MatrixCoefficients 1, video range, in 16.16 fixed point. */
const LUMA = 76_309;
const RED = 117_489;
const GREEN_CB = 13_975;
const GREEN_CR = 34_925;
const BLUE = 138_438;

export function toRgba(planes: Planes): Uint8ClampedArray<ArrayBuffer> {
  const { y, cb, cr, width, height, chromaWidth, bitDepth } = planes;
  const out = new Uint8ClampedArray(width * height * 4);
  const down = bitDepth - 8;
  const across = chromaWidth > 0 && chromaWidth < width ? 1 : 0;
  const along = planes.chromaHeight > 0 && planes.chromaHeight < height ? 1 : 0;
  for (let row = 0, at = 0; row < height; row += 1) {
    const chromaRow = (row >> along) * chromaWidth;
    for (let column = 0; column < width; column += 1, at += 4) {
      const chroma = chromaRow + (column >> across);
      const light = LUMA * (((y[row * width + column] ?? 0) >> down) - 16) + 32_768;
      const blue = chromaWidth > 0 ? ((cb[chroma] ?? 0) >> down) - 128 : 0;
      const red = chromaWidth > 0 ? ((cr[chroma] ?? 0) >> down) - 128 : 0;
      out[at] = (light + RED * red) >> 16;
      out[at + 1] = (light - GREEN_CB * blue - GREEN_CR * red) >> 16;
      out[at + 2] = (light + BLUE * blue) >> 16;
      out[at + 3] = 255;
    }
  }
  return out;
}

/** 4:2:0 planes one after another, a byte a sample, as a `VideoFrame` of the format I420 takes them; null for other samplings. */
export function toI420(planes: Planes): Uint8Array<ArrayBuffer> | null {
  const { y, cb, cr, width, height, chromaWidth, chromaHeight, bitDepth } = planes;
  if (chromaWidth !== Math.ceil(width / 2) || chromaHeight !== Math.ceil(height / 2)) return null;
  const out = new Uint8Array(y.length + cb.length + cr.length);
  let at = 0;
  for (const plane of [y, cb, cr]) {
    if (bitDepth === 8) out.set(plane, at);
    else for (let sample = 0; sample < plane.length; sample += 1) out[at + sample] = (plane[sample] ?? 0) >> (bitDepth - 8);
    at += plane.length;
  }
  return out;
}

const BT709 = { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', fullRange: false } as const;

export async function toBitmap(planes: Planes): Promise<ImageBitmap> {
  const packed = typeof VideoFrame === 'undefined' ? null : toI420(planes);
  if (!packed) return createImageBitmap(new ImageData(toRgba(planes), planes.width, planes.height));
  const { width, height } = planes;
  const frame = new VideoFrame(packed, {
    format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0, colorSpace: BT709,
  });
  try {
    return await createImageBitmap(frame);
  } finally {
    frame.close();
  }
}
