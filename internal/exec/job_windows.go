package exec

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// enclose puts this process, and with it every child to come, into a job that
// ends when the last handle to it does: whatever ends this process ends them
// (https://learn.microsoft.com/windows/win32/procthread/job-objects). The
// function that it returns lets them live: what a command has left running when
// it ended by itself is not ours to end, and programs that ask to break away may.
// Where the system allows no job within another, it goes without.
func enclose() (open func()) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return func() {}
	}
	const whole = windows.JOB_OBJECT_LIMIT_BREAKAWAY_OK | windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if err = limit(job, whole); err == nil {
		err = windows.AssignProcessToJobObject(job, windows.CurrentProcess())
	}
	if err != nil {
		_ = windows.CloseHandle(job)
		return func() {}
	}
	return func() { _ = limit(job, windows.JOB_OBJECT_LIMIT_BREAKAWAY_OK) }
}

func limit(job windows.Handle, flags uint32) error {
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: flags},
	}
	_, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	return err
}
