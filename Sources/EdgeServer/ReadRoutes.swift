internal import EdgeCore
internal import HTTPTypes
internal import Hummingbird

/// The part of `/api/v1` that only tells.
struct ReadRoutes {
    let daemon: any DaemonFace

    func add(to api: RouterGroup<ServerContext>) {
        api.get("health") { _, _ in
            let health = daemon.health
            return try Answer.json(health, status: health.isWell ? .ok : .serviceUnavailable)
        }
        api.get("networks") { _, _ in
            try Answer.json(daemon.networks.map(\.text))
        }
        api.get("networks/:network") { _, context in
            let name = context.parameters.get("network") ?? ""
            guard let network = NetworkName(name),
                let status = try await daemon.status(of: network)
            else {
                return try Answer.failure(
                    .notFound, OrderRoutes.noNetwork(daemon.networks),
                    code: OrderRoutes.noNetworkCode)
            }
            return try Answer.json(status)
        }
    }
}
