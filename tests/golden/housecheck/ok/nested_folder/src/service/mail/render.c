extern int mail;
