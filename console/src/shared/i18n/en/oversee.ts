// Words that confirmations and forms share.
export default {
  leave: 'Leave it',
  submitting: 'Submitting …',
  save: 'Save',
  close: 'Close',
};
