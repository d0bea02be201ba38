CREATE TABLE catalog.t (id uuid, real_name text, price bigint);
