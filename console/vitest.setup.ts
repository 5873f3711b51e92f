// Every test starts from Chinese, the source language, and from an empty document.
import { cleanup } from '@testing-library/react';
import { afterEach, beforeAll } from 'vitest';
import { startLanguage } from '@/shared/i18n';

beforeAll(async () => {
  await startLanguage('zh-CN');
});

afterEach(() => {
  cleanup();
});
