import { addMessages } from '@/shared/i18n';
import en from './en';
import zh from './zh-CN';

declare module '@/shared/i18n' {
  interface Messages {
    views: typeof zh;
  }
}

addMessages('views', zh, en);
