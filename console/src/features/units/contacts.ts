// Who speaks for a unit: the members of its contacts.
export const CONTACTS = ['legal_representative', 'responsible_person', 'responsible_phone', 'security_contact', 'security_phone'] as const;
