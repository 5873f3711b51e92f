// The viewer's name over a recorded picture: tiled at 24°, light with a dark edge, moved by half a tile each minute.
import { useId } from 'react';

export function Watermark({ text }: { text: string }) {
  const id = useId();
  const shift = (Math.floor(Date.now() / 60_000) % 2) * 60;
  return (
    <svg className="mj-play-watermark" aria-hidden="true" data-testid="watermark">
      <defs>
        <pattern
          id={id}
          width="220"
          height="120"
          patternUnits="userSpaceOnUse"
          patternTransform={`rotate(-24) translate(${shift} 0)`}
        >
          <text
            x="8"
            y="60"
            fontSize="14"
            fill="#fff"
            fillOpacity="0.09"
            stroke="#000"
            strokeOpacity="0.09"
            paintOrder="stroke"
          >
            {text}
          </text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
