// Words that confirmations and forms share.
export default {
  leave: '先不做',
  submitting: '正在提交…',
  save: '保存',
  close: '关闭',
} as const;
