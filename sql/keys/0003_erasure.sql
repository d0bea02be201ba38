-- phase: expand
-- Erasure: the jobs and the operators' command take keys away and write down whose, for every later restore of the shop.
GRANT INSERT ON keys.erased TO souk_jobs_core, souk_admin;
GRANT DELETE ON keys.person_key TO souk_jobs_core, souk_admin;
