import FoundationEssentials
@testable import Installer
import Testing

/// What is wrong with the file of a tool that the system did not start.
@Suite struct ToolFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { "\(folder.path)/helm" }
    private var file: ToolFile? { ToolFile(.helm, on: "relative:/no/such:\(folder.path)") }

    private func write(_ text: String, _ mode: Int = 0o755, at path: String? = nil) throws {
        let path = path ?? self.path
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private static let unknown =
        "the system cannot run it: it may be built for another system, or be on a file system that is "
        + "mounted with noexec"

    @Test func whatIsNowhereOnThePathIsNoFile() throws {
        #expect(file == nil)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(file == nil)
    }

    @Test(arguments: [
        ("#!/no/such\n", "its interpreter /no/such does not exist"),
        ("#! /no/such -e\n", "its interpreter /no/such does not exist"),
        ("#!/no/such", "its interpreter /no/such does not exist"),
        ("#!/etc/passwd\n", "its interpreter /etc/passwd is not executable"),
        ("#!/bin/sh\n", unknown), ("\u{7F}ELF", unknown), ("", unknown),
    ])
    func whatTheFileShowsIsNamed(_ text: String, _ defect: String) throws {
        try write(text)
        #expect(file?.path == path)
        #expect(file?.defect == defect)
    }

    @Test func aFileWithoutPermissionIsNamed() throws {
        try write("#!/bin/sh\n", 0o644)
        #expect(file?.defect == "it is not executable")
    }

    @Test func aLinkToNothingIsNamed() throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/no/such/helm")
        #expect(file?.path == path)
        #expect(file?.defect == "it is a link to /no/such/helm, which does not exist")
    }

    @Test func theFileThatWouldBeRunIsPreferred() throws {
        let other = try TemporaryFolder()
        try write("#!/no/such\n", 0o644)
        try write("#!/no/such\n", at: "\(other.path)/helm")
        #expect(ToolFile(.helm, on: "\(folder.path):\(other.path)")?.path == "\(other.path)/helm")
    }
}
