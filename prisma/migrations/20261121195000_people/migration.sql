-- A company's own role goes with the invitations that once offered it; the audit still tells of them.
GRANT DELETE ON invitation TO getupnet_identity;
