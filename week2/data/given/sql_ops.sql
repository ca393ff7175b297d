-- The shop of Sao Mai, with a few rows to play with. Identity columns go on at 1001.

create table customers (
    customer_id bigint generated always as identity (start with 1001) primary key,
    email       text not null,
    name        text not null,
    phone       text,
    city        text,
    created_at  timestamptz not null,
    closed_at   timestamptz
);
create unique index customers_email on customers (lower(email));

create table products (
    sku      text collate "C" primary key,
    name     text not null,
    category text collate "C",                       -- null: not sorted in yet
    price    bigint not null check (price > 0),
    active   boolean not null
);

create table orders (
    order_id    bigint generated always as identity (start with 1001) primary key,
    customer_id bigint references customers,         -- null: a guest
    ordered_at  timestamptz not null,
    status      text not null check (status in ('placed', 'paid', 'shipped', 'cancelled'))
);
create index orders_customer on orders (customer_id);
create index orders_time on orders (ordered_at);

create table order_items (
    order_id   bigint not null references orders,
    line       int not null,
    sku        text collate "C" not null references products,
    quantity   int not null check (quantity > 0),
    unit_price bigint not null check (unit_price >= 0),
    primary key (order_id, line)
);
create index order_items_sku on order_items (sku);

create table payments (
    payment_id bigint generated always as identity (start with 1001) primary key,
    order_id   bigint not null references orders,
    paid_at    timestamptz not null,
    amount     bigint not null                       -- a refund is negative
);
create index payments_order on payments (order_id);

insert into customers (customer_id, email, name, phone, city, created_at, closed_at) overriding system value values
    (1, 'lan@example.vn',         'Nguyễn Thị Lan',                    '0912345678', 'Hà Nội',          '2025-03-02 08:15+07', null),
    (2, 'Minh.Tran@example.vn',   'Trần Minh',                         null,         'Đà Nẵng',         '2025-05-11 20:40+07', null),
    (3, 'hoa@example.vn',         'Đỗ "Hoa" O''Hara',                  '0987654321', null,              '2025-07-30 12:05+07', null),
    (4, 'robert@example.vn',      'Robert''); DROP TABLE customers;--', null,         null,              '2025-09-09 21:09+07', null),
    (5, 'sau@example.vn',         'Đặng Văn Sáu',                      '0903000111', 'Cần Thơ',         '2025-10-01 07:00+07', '2026-04-01 10:00+07'),
    (6, '100%.yen@example.vn',    'Yến 100 %',                         null,         'TP. Hồ Chí Minh', '2026-01-05 09:30+07', null);

insert into products (sku, name, category, price, active) values
    ('TEA-01', 'Trà sen Tây Hồ',        'tea',    180000, true),
    ('TEA-02', 'Trà Thái Nguyên',       'tea',     90000, true),
    ('TEA-03', 'Trà shan tuyết',        'tea',    250000, false),
    ('COF-01', 'Cà phê Buôn Ma Thuột',  'coffee', 120000, true),
    ('COF-02', 'Cà phê Cầu Đất',        'coffee', 150000, true),
    ('SIL-01', 'Khăn lụa Vạn Phúc',     'silk',   450000, true),
    ('NEW-01', 'Tò he',                 null,      35000, true);

insert into orders (order_id, customer_id, ordered_at, status) overriding system value values
    (1, 1,    '2026-01-10 09:12+07', 'paid'),        -- three lines, two payments
    (2, 2,    '2026-01-31 17:30+00', 'shipped'),     -- already February in the shops
    (3, null, '2026-02-14 19:45+07', 'paid'),        -- a guest
    (4, 3,    '2026-02-20 11:00+07', 'cancelled'),   -- paid, and paid back
    (5, 3,    '2026-03-01 00:00+07', 'placed'),      -- an empty basket
    (6, 5,    '2026-03-08 08:08+07', 'paid'),        -- paid too much, the rest given back
    (7, 1,    '2026-03-15 22:10+07', 'placed');      -- not paid yet

insert into order_items (order_id, line, sku, quantity, unit_price) values
    (1, 1, 'TEA-01', 2, 180000),
    (1, 2, 'COF-01', 1, 120000),
    (1, 3, 'NEW-01', 4,  35000),
    (2, 1, 'TEA-02', 3,  81000),
    (2, 2, 'SIL-01', 1, 450000),
    (3, 1, 'COF-02', 2, 150000),
    (3, 2, 'TEA-02', 1,  90000),
    (4, 1, 'SIL-01', 1, 450000),
    (6, 1, 'COF-01', 1, 120000),
    (7, 1, 'TEA-01', 2, 180000);

insert into payments (payment_id, order_id, paid_at, amount) overriding system value values
    (1, 1, '2026-01-10 09:20+07',  400000),
    (2, 1, '2026-01-12 10:00+07',  220000),
    (3, 2, '2026-02-01 08:00+07',  693000),
    (4, 3, '2026-02-14 19:47+07',  390000),
    (5, 4, '2026-02-20 11:05+07',  450000),
    (6, 4, '2026-02-21 15:00+07', -450000),
    (7, 6, '2026-03-08 08:10+07',  150000),
    (8, 6, '2026-03-09 09:00+07',  -30000);
