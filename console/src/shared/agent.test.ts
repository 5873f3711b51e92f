import { expect, test } from 'vitest';
import { agentText } from './agent';

test('a browser and its system are named, another program as it calls itself', () => {
  const said = [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0',
    'python-httpx/0.28.1',
    '',
  ];
  expect(said.map(agentText)).toEqual(['Edge · Windows', 'Chrome · Linux', 'Safari · iOS', 'Firefox · Android', 'python-httpx/0.28.1', '—']);
});
