// Words that confirmations, lists and forms share.
export default {
  leave: 'Leave it',
  submitting: 'Submitting …',
  save: 'Save',
  close: 'Close',
  copied: 'Noted, hide it',
  more: 'Further back',
};
