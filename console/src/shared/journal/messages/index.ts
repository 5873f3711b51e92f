import { addMessages } from '@/shared/i18n';
import en from './en';
import zh from './zh-CN';

declare module '@/shared/i18n' {
  interface Messages {
    journal: typeof zh;
  }
}

addMessages('journal', zh, en);
