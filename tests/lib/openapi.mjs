// The API's document as a contract: what an answer may be, by operation and status.
//
//   const contract = new Contract(JSON.parse(text));
//   contract.check('cart_create', answer);          // throws when the status is not declared or the body is not what its schema says
import assert from 'node:assert/strict';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export class Contract {
  constructor(document) {
    this.document = document;
    // Ajv has a strictness of its own beyond JSON Schema: the keywords around the schemas of an OpenAPI document are none to it.
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema(document, 'document');
    this.operations = new Map();
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) this.operations.set(operation.operationId, { path, method, ...operation });
    }
  }

  // What a schema has against a value: [] when it fits.
  complaints(schema, value) {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'));
    const validate = this.ajv.compile(absolute);
    return validate(value) ? [] : validate.errors.map((e) => `${e.instancePath || 'the whole'} ${e.message}`);
  }

  resolve(thing) { return thing.$ref ? thing.$ref.slice(2).split('/').reduce((at, name) => at[name], this.document) : thing; }

  check(operationId, answer) {
    const operation = this.operations.get(operationId);
    assert.ok(operation, `${operationId} is not in the document`);
    const declared = operation.responses[answer.status] ?? (answer.status >= 400 ? operation.responses.default : undefined);
    assert.ok(declared, `${operationId} answered ${answer.status}, which the document does not name`);
    const { content } = this.resolve(declared);
    if (!content) { assert.equal(answer.body.length, 0, `${operationId} ${answer.status} has a body, the document says none`); return; }
    const type = answer.headers['content-type'].split(';')[0];
    assert.ok(content[type], `${operationId} ${answer.status} is ${type}, the document says ${Object.keys(content)}`);
    assert.deepEqual(this.complaints(content[type].schema, answer.json), [], `${operationId} ${answer.status}: ${answer.text.slice(0, 600)}`);
  }
}
