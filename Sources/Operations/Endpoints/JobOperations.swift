internal import Audit
internal import Jobs
internal import WireAPI

enum JobOperations {
    static let all: [Endpoint] = [
        listJobs
    ]

    static let listJobs = Endpoint(ListJobsOperation.self) { _, call in
        let authorized = try await call.authorize(ListJobs.Request())
        return try await call.useCases.listJobs(authorized, for: call.event).map { jobs in
            .init(
                jobs: jobs.map {
                    JobShape(
                        name: $0.name, status: $0.state.rawValue, dueAt: $0.dueAt, startedAt: $0.startedAt,
                        endedAt: $0.endedAt, reason: $0.problem)
                })
        }
    }
}
