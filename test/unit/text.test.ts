import { formatPlace, shortFile } from '../../client/text';

describe('shortFile', () => {
  test.each([
    ['/srv/shop/orders/items.py', 'orders/items.py'],
    ['cart.py', 'cart.py'],
    ['https://shop.example.com/assets/checkout.js?v=3#x', 'assets/checkout.js'],
    ['https://shop.example.com/', 'shop.example.com'],
    ['C:\\work\\shop\\Cart.cs', 'shop/Cart.cs'],
    ['webpack-internal:///./src/cart.ts', 'src/cart.ts'],
    ['?', '?'],
    ['///', '///'],
  ])('of %s is %s', (file, short) => {
    expect(shortFile(file)).toBe(short);
  });
});

describe('formatPlace', () => {
  test.each([
    ['cart.py', 31, Infinity, 'cart.py:31'],
    ['cart.py', null, Infinity, 'cart.py'],
    ['a/long/way/to/cart.py', 31, 7, '…cart.py:31'],
    ['💥cart.py', 31, 8, '…cart.py:31'],
    ['', 31, Infinity, null],
    [null, null, Infinity, null],
  ])('of %j and %j, at most %d long, is %j', (file, line, longest, place) => {
    expect(formatPlace(file, line, longest)).toBe(place);
  });
});
