internal import EdgeCore
internal import FoundationEssentials
internal import HTTPTypes

/// Writes the OpenAPI document of a table of routes.
enum OpenAPI {
    /// The document, indented, keys in a fixed order.
    static func text(of routes: [APIRoute]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(document(of: routes)), as: UTF8.self) + "\n"
    }

    private static func document(of routes: [APIRoute]) -> DocumentValue {
        var paths: [String: DocumentValue] = [:]
        for route in routes {
            let path = "/\(route.path)"
            paths[path] = (paths[path] ?? [:])
                .with([route.method.rawValue.lowercased(): operation(of: route)])
        }
        var schemas = APISchemas.all
        for body in routes.compactMap(\.body) { schemas[body.name] = body.schema }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "edgemanage", "version": "1",
                "description": .text(
                    "What edgemanage watch knows, and the orders that it takes. Times are Unix times. "
                        + "Everybody who reaches the address may read; orders need the token of "
                        + "server.token. At the Unix socket the kernel says who asks instead."),
            ],
            "servers": [["url": "/api/v1"]],
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    private static func operation(of route: APIRoute) -> DocumentValue {
        var answers: [String: DocumentValue] = [
            "200": answer("Done", schema: route.answer)
        ]
        for (status, schema) in route.others {
            answers["\(status)"] = answer("See the summary", schema: schema)
        }
        for (status, words) in failures(of: route) {
            answers["\(status)"] = answer(words, schema: "Error")
        }
        var operation: [String: DocumentValue] = [
            "operationId": .text(route.name), "summary": .text(route.summary),
            "responses": .object(answers),
        ]
        let parameters = parameters(of: route)
        if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
        if let body = route.body {
            operation["requestBody"] = [
                "required": .flag(body.members.contains(where: \.isRequired)),
                "content": ["application/json": ["schema": .reference(body.name)]],
            ]
        }
        if route.isOrder { operation["security"] = [["token": []]] }
        return .object(operation)
    }

    private static func parameters(of route: APIRoute) -> [DocumentValue] {
        let places = route.segments.filter { $0.hasPrefix("{") }.map { segment in
            let name = segment.dropFirst().dropLast()
            let isNumber = name == "generation"
            return [
                "name": .text(String(name)), "in": "path", "required": true,
                "description": .text("The \(name)'s \(isNumber ? "number" : "name")"),
                "schema": isNumber
                    ? ["type": "integer", "minimum": 1, "maximum": 2_147_483_647]
                    : ["type": "string", "minLength": 1],
            ] as DocumentValue
        }
        return places
            + route.query.map { parameter in
                [
                    "name": .text(parameter.name), "in": "query",
                    "description": .text(parameter.summary), "schema": parameter.schema,
                ]
            }
    }

    /// What else may come of a request.
    private static func failures(of route: APIRoute) -> [Int: String] {
        var failures = [
            400: "The request is wrong: the sentence says what",
            421: "The Host is none of the server's own",
            500: "It could not be done",
        ]
        if route.path.contains("{") {
            failures[404] = "There is no such network, edge, zone or generation"
        }
        if route.isOrder {
            failures[401] = "The token is missing or wrong"
            failures[403] = "This asker may give no orders"
            failures[409] = "It may not be done as things are: the sentence says why"
            failures[503] = "The daemon is about to end"
        }
        if route.body != nil {
            failures[413] = "The body has more than 64 KiB"
            failures[415] = "The body is not sent as application/json"
        }
        return failures
    }

    private static func answer(_ words: String, schema: String) -> DocumentValue {
        [
            "description": .text(words),
            "content": ["application/json": ["schema": .reference(schema)]],
        ]
    }
}
