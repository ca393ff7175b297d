-- no transaction
create index concurrently orders_by_time on orders (ordered_at);
