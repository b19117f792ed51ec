// The page does without this script. With it a customer sees mistakes before anything is sent, and
// pays once however often Pay is pressed. It has no words of its own: the page says them all.
(() => {
  'use strict';

  const digits = (text) => text.replace(/\D/g, '');
  const says = (element, name) => element.querySelector(`[data-says="${name}"]`);

  // How the numbers of a scheme begin, how they are grouped, and how long their security code is.
  const schemes = [
    { id: 'amex', begins: /^3[47]/, groups: [4, 6, 5], cvv: 4 },
    { id: 'troy', begins: /^(9792|65)/, groups: [4, 4, 4, 4, 4], cvv: 3 },
    { id: 'mastercard', begins: /^(5[1-8]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, groups: [4, 4, 4, 4, 4], cvv: 3 },
    { id: 'visa', begins: /^4/, groups: [4, 4, 4, 4, 4], cvv: 3 },
  ];
  const unknown = { id: '', groups: [4, 4, 4, 4, 4], cvv: 0 };
  const schemeOf = (number) => schemes.find((s) => s.begins.test(number)) || unknown;

  function grouped(number) {
    const parts = [];
    let from = 0;
    for (const size of schemeOf(number).groups) {
      if (from < number.length) parts.push(number.slice(from, from + size));
      from += size;
    }
    if (from < number.length) parts.push(number.slice(from)); // too long, as the customer shall see
    return parts.join(' ');
  }

  // after is the place in the text behind so many digits, and behind the space that follows them
  // when somebody types on.
  function after(text, count, typing) {
    let at = 0;
    for (let seen = 0; seen < count && at < text.length; at++) if (/\d/.test(text[at])) seen++;
    return typing && text[at] === ' ' ? at + 1 : at;
  }

  function luhn(number) {
    let sum = 0;
    [...number].reverse().forEach((d, i) => {
      const n = d * (i % 2 + 1);
      sum += n > 9 ? n - 9 : n;
    });
    return sum % 10 === 0;
  }

  const pay = document.querySelector('[data-testid="pay-form"]');
  if (pay) help(pay);
  document.querySelectorAll('[data-testid="bank-form"]').forEach((form) => {
    once(form);
    countDown(form.querySelector('[data-seconds]'));
  });

  // A page that comes back from memory may say what is no longer so.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.replace(location.pathname + location.search);
    else document.querySelectorAll('form[aria-busy]').forEach((form) => busy(form, false));
  });

  function busy(form, is) {
    const button = form.querySelector('button');
    button.disabled = is;
    says(button, 'pay').hidden = is;
    says(button, 'busy').hidden = !is;
    if (is) form.setAttribute('aria-busy', 'true');
    else form.removeAttribute('aria-busy');
  }

  // once lets a form be sent a single time, and only if it is right.
  function once(form, right = () => true) {
    form.addEventListener('submit', (event) => {
      if (form.hasAttribute('aria-busy') || !right()) event.preventDefault();
      else busy(form, true);
    });
  }

  function countDown(at) {
    const ends = performance.now() + at.dataset.seconds * 1000;
    const show = () => {
      const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
      at.querySelector('b').textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
      return left;
    };
    show();
    says(at, 'until').hidden = true;
    says(at, 'left').hidden = false;
    const timer = setInterval(() => show() || clearInterval(timer), 1000);
  }

  function help(form) {
    const { pan, cardHolderName: holder, expiry, cvv, installmentCount: choice } = form.elements;
    const cards = [...document.querySelectorAll('[data-number]')];
    let written = ''; // the digits of the number, before what is being typed

    writeNumber();
    pan.addEventListener('input', writeNumber);
    expiry.addEventListener('input', writeExpiry);
    cvv.addEventListener('input', () => { cvv.value = digits(cvv.value); });
    [pan, holder, expiry, cvv].forEach((input) => input.addEventListener('input', () => clear(input)));
    once(form, check);
    if (choice) choose();
    cards.forEach((card) => card.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab is wanted
      event.preventDefault();
      fill(card);
    }));

    // Groups the number without moving the caret away from the digit it stands behind. Who deletes
    // a space means the digit beside it.
    function writeNumber(event) {
      const kind = event ? event.inputType || '' : '';
      let caret = digits(pan.value.slice(0, pan.selectionStart)).length;
      let number = digits(pan.value);
      if (number === written && kind === 'deleteContentBackward' && caret > 0) {
        number = number.slice(0, --caret) + number.slice(caret + 1);
      } else if (number === written && kind === 'deleteContentForward') {
        number = number.slice(0, caret) + number.slice(caret + 1);
      }
      const scheme = schemeOf(number);
      pan.value = grouped(number);
      written = number;
      if (document.activeElement === pan) {
        const place = after(pan.value, caret, !kind.startsWith('delete'));
        pan.setSelectionRange(place, place);
      }
      document.querySelectorAll('[data-scheme]').forEach((s) => { s.hidden = s.dataset.scheme !== scheme.id; });
      cvv.maxLength = scheme.cvv || 4;
    }

    // Puts the slash behind the month, at the end of what is typed.
    function writeExpiry(event) {
      if ((event.inputType || '').startsWith('delete') || expiry.selectionStart < expiry.value.length) return;
      let [month, ...rest] = expiry.value.split('/').map(digits);
      let year = rest.join('');
      if (month.length > 2) [month, year] = [month.slice(0, 2), month.slice(2) + year];
      if (month.length === 1 && (month > 1 || rest.length)) month = '0' + month;
      expiry.value = month.length < 2 ? month : `${month}/${year.slice(0, 4)}`;
    }

    function check() {
      document.querySelectorAll('[data-testid="error"]').forEach((alert) => alert.remove());
      const number = faultOfNumber();
      const wrong = [
        [pan, number], [holder, faultOfHolder()], [expiry, faultOfExpiry()], [cvv, faultOfCVV(!number)],
      ].filter(([input, fault]) => {
        clear(input);
        if (fault) mark(input, input.dataset[fault]);
        return fault;
      });
      if (!wrong.length) return true;
      document.querySelectorAll('[data-testid="declined"]').forEach((alert) => { alert.hidden = true; });
      summarise(wrong.map(([input]) => input));
      wrong[0][0].focus();
      return false;
    }

    function faultOfNumber() {
      const number = digits(pan.value);
      if (!pan.value.trim()) return 'missing';
      if (number.length < 12 || number.length > 19) return 'unreadable';
      if (!luhn(number)) return 'mistyped';
      if (cards.some((card) => digits(card.dataset.number) === number)) return '';
      pan.value = ''; // perhaps a real card: it does not leave this page
      writeNumber();
      return 'refused';
    }

    function faultOfHolder() {
      if (!holder.value.trim()) return 'missing';
      if (digits(holder.value).length < 12) return '';
      holder.value = '';
      return 'unreadable';
    }

    function faultOfExpiry() {
      const typed = expiry.value.replace(/\s/g, '');
      const [, month, year] = typed.match(/^(\d{1,2})\/?((?:\d\d)?\d\d)$/) || [];
      if (!typed) return 'missing';
      if (!(month >= 1 && month <= 12)) return 'unreadable';
      const last = `${year.length === 2 ? '20' : ''}${year}-${month.padStart(2, '0')}`;
      return last < form.dataset.month ? 'refused' : '';
    }

    // How long the code is depends on the card, so that must be known.
    function faultOfCVV(known) {
      if (!cvv.value) return 'missing';
      if (!/^\d+$/.test(cvv.value)) return 'unreadable';
      return known && cvv.value.length !== schemeOf(digits(pan.value)).cvv ? 'refused' : '';
    }

    function clear(input) {
      const fault = document.getElementById('error-' + input.id);
      if (fault) fault.remove();
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-describedby');
    }

    // Says at the field what the server would say.
    function mark(input, words) {
      const fault = make('p', { className: 'fault', id: 'error-' + input.id, textContent: words });
      fault.dataset.testid = fault.id;
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', fault.id);
      input.after(fault);
    }

    function summarise(inputs) {
      const alert = make('div', { className: 'alert' });
      alert.dataset.testid = 'error';
      alert.setAttribute('role', 'alert');
      const list = make('ul', {});
      for (const input of inputs) {
        const link = make('a', { href: '#' + input.id, textContent: input.labels[0].textContent });
        link.dataset.testid = 'see-' + input.id;
        const item = make('li', {});
        item.append(link);
        list.append(item);
      }
      alert.append(make('h2', { textContent: form.dataset.title }), make('p', { textContent: form.dataset.text }), list);
      form.before(alert);
    }

    function make(tag, properties) { return Object.assign(document.createElement(tag), properties); }

    function fill(card) {
      pan.value = card.dataset.number;
      writeNumber();
      holder.value = holder.value.trim() || card.closest('details').dataset.holder;
      expiry.value = card.dataset.expiry;
      cvv.value = card.dataset.cvv;
      [pan, holder, expiry, cvv].forEach(clear);
      card.closest('details').open = false;
      const button = form.querySelector('button');
      button.focus();
      button.scrollIntoView({ block: 'center' });
    }

    // The table shows which way is chosen, and a click in it chooses.
    function choose() {
      const rows = [...document.querySelectorAll('tr[data-count]')];
      const show = () => {
        says(form.querySelector('button'), 'pay').textContent = choice.selectedOptions[0].dataset.pay;
        rows.forEach((row) => row.classList.toggle('chosen', row.dataset.count === choice.value));
      };
      choice.addEventListener('change', show);
      addEventListener('pageshow', show);
      rows.forEach((row) => {
        row.classList.add('choosable');
        row.addEventListener('click', () => {
          choice.value = row.dataset.count;
          show();
        });
      });
      show();
    }
  }
})();
