// Keys are checked by the compiler: t('…') with a key that no Chinese message file has is an error.
import 'i18next';
import type { Messages } from '@/shared/i18n';
import type { Shape } from './shape';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Shape<Messages> };
    returnNull: false;
  }
}
