import LabSupport
import Testing

/// A fault that prevents builds, or may prevent them: its cause, and the expected report of the doctor.
struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The layers that are broken, and those with a warning.
    let broken: [String]
    let doubtful: [String]
    /// A part of the cause or its evidence.
    let says: String
    /// Causes the fault, runs the doctor, and undoes the fault where it affects others.
    let happen:
        @Sendable (inout Patient, _ look: @Sendable (Patient) async throws -> Void) async throws -> Void

    init(
        _ description: String, broken: [String] = [], doubtful: [String] = [], says: String,
        whileIt happen:
            @escaping @Sendable (inout Patient, @Sendable (Patient) async throws -> Void)
            async throws -> Void
    ) {
        testDescription = description
        self.broken = broken
        self.doubtful = doubtful
        self.says = says
        self.happen = happen
    }

    /// A fault that only affects the patient.
    init(
        _ description: String, broken: [String] = [], doubtful: [String] = [], says: String,
        by harm: @escaping @Sendable (inout Patient) async throws -> Void
    ) {
        self.init(description, broken: broken, doubtful: doubtful, says: says) { patient, look in
            try await harm(&patient)
            try await look(patient)
        }
    }

    static let all = files + machine + way + behind + cluster
}
