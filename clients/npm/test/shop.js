'use strict';

const { createServer } = require('node:http');

/** Stands for a shop: takes whatever it is told at callback. */
exports.openShop = async () => {
  const shop = createServer((request, response) => request.resume().on('end', () => response.end()));
  await new Promise((ready) => shop.listen(0, '127.0.0.1', ready));
  return { callback: `http://127.0.0.1:${shop.address().port}/payment-callback`, close: () => shop.close() };
};

exports.order = (callback) => ({ orderId: 'ORD-1', amount: 100.5, currency: 'TRY', callback });
