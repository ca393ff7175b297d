create table orders (
    order_id    bigint generated always as identity primary key,
    ordered_at  timestamptz not null,
    status      text        not null check (status in ('placed', 'paid', 'shipped', 'cancelled')),
    amount_text text        not null
);
comment on column orders.amount_text is 'What the branch typed: "150.000", "150000 d", sometimes nothing that is a number.';
