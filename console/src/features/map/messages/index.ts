import { addMessages } from '@/shared/i18n';
import en from './en';
import zh from './zh-CN';

declare module '@/shared/i18n' {
  interface Messages {
    map: typeof zh;
  }
}

addMessages('map', zh, en);
