// The type under which a key frame without sound is offered to the browser.
import { describe, expect, it } from 'vitest';
import { withoutSound } from './still-screen';

describe('withoutSound', () => {
  it('keeps the pictures and leaves out every sound', () => {
    expect(withoutSound('video/mp4; codecs="avc1.640028,mp4a.40.2"')).toBe('video/mp4; codecs="avc1.640028"');
    expect(withoutSound('video/mp4; codecs="flac, hvc1.1.6.L93.B0"')).toBe('video/mp4; codecs="hvc1.1.6.L93.B0"');
  });

  it('changes nothing where there is no sound', () => {
    expect(withoutSound('video/mp4; codecs="avc1.42c00b"')).toBe('video/mp4; codecs="avc1.42c00b"');
  });
});
