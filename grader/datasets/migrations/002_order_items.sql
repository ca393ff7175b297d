create table order_items (
    order_id bigint not null,  -- no foreign key: it came later, and so did orphans
    line     int    not null,
    sku      text   not null,
    quantity int    not null check (quantity >= 1),
    primary key (order_id, line)
);
