// Words that confirmations, lists and forms share.
export default {
  leave: '先不做',
  submitting: '正在提交…',
  save: '保存',
  close: '关闭',
  copied: '已记下，收起',
  more: '继续往前',
} as const;
