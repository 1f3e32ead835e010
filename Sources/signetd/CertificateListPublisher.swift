internal import Authorities
internal import Foundation
internal import Publication
internal import ServiceLifecycle

/// Publishes CRLs when they are due.
struct CertificateListPublisher: Service {
    let publish: PublishCertificateLists

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var timer: Task<Void, Never>?
            publish.dueLists.wake()
            for await _ in publish.dueLists.arrivals {
                timer?.cancel()
                let pause = min(max(0, await publish().timeIntervalSinceNow), 3600)
                timer = Task {
                    try? await Task.sleep(for: .seconds(pause))
                    if !Task.isCancelled { publish.dueLists.wake() }
                }
            }
            timer?.cancel()
        }
        // Without a task to wait for, the service must still wait, because the daemon ends when one ends.
        try await gracefulShutdown()
    }
}
