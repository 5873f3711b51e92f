// Keys are checked by the compiler: t('…') with a key that zh-CN does not have is an error.
import 'i18next';
import type zh from './zh-CN';
import type { Shape } from './shape';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Shape<typeof zh> };
    returnNull: false;
  }
}
